/** Our own documentation of types and fields, read at the first hover. Texts are Markdown. */

export type Documentation = Readonly<Record<string, TypeDoc>>;

export interface TypeDoc {
  readonly text: string;
  readonly link: string;
  readonly fields: Readonly<Record<string, FieldDoc>>;
}

export interface FieldDoc {
  /** What it does, in one or two sentences. */
  readonly text: string;
  /** Type and unit, where the type alone does not say enough. */
  readonly type?: string;
  /** What Istio or Envoy does when the field is left out. */
  readonly default?: string;
  readonly bounds?: string;
  /** The recommended value, and why. */
  readonly advice?: string;
  /** What people fall into. */
  readonly trap?: string;
  /** Istio release that introduced it. */
  readonly since?: string;
  /** One line for each value of an enum, or for well-known values. */
  readonly values?: Readonly<Record<string, string>>;
  /** Its place in Istio's reference. */
  readonly link: string;
}
