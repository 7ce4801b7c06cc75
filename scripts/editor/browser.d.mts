export const BROWSER_FLAGS: readonly string[];
export function findBrowser(): Promise<string | undefined>;
export function getBrowser(options?: { readonly log?: (line: string) => void }): Promise<string | undefined>;
