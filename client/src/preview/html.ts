/** What the page may load, as addresses of the webview. */
export interface PreviewResources {
  readonly script: string;
  readonly style: string;
  /** What `style-src` must allow for the style sheet. */
  readonly styleSource: string;
  /** Unguessable, and new for each page. */
  readonly nonce: string;
}

/** The page of the preview. Nothing but its own script and style sheet may be loaded, and nothing inline runs. */
export function previewHtml({ script, style, styleSource, nonce }: PreviewResources): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${styleSource}; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Effective Routes</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<div id="app"></div>
<div id="live" class="sr" role="status" aria-live="polite"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
