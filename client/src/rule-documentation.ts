import * as vscode from 'vscode';

const COMMAND = 'istio.showRuleDocumentation';
const KIND = vscode.CodeActionKind.QuickFix.append('documentation');
/** The id of a rule: its group and its name. */
const RULE = /^[a-z-]+\/[a-z-]+$/;

/**
 * The command that shows the page of a rule, which lies in the package: nothing is fetched. It takes the id of a rule;
 * without one it takes that of the finding under the cursor, or asks. Each finding offers it among its actions.
 */
export function registerRuleDocumentation(
  { extensionUri }: vscode.ExtensionContext,
  documents: vscode.DocumentSelector,
): vscode.Disposable {
  const folder = vscode.Uri.joinPath(extensionUri, 'docs', 'rules');
  return vscode.Disposable.from(
    vscode.commands.registerCommand(COMMAND, async (rule: unknown) => {
      const id = typeof rule === 'string' ? rule : (ruleAtCursor() ?? (await chosenRule(folder)));
      if (id !== undefined) await showPage(folder, id);
    }),
    vscode.languages.registerCodeActionsProvider(documents, new DocumentationActions(), {
      providedCodeActionKinds: [KIND],
    }),
  );
}

/** “Show documentation of …” for each rule that has found something in a range. */
class DocumentationActions implements vscode.CodeActionProvider {
  provideCodeActions(
    _document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const actions = new Map<string, vscode.CodeAction>();
    for (const diagnostic of diagnostics) {
      const rule = ruleOf(diagnostic);
      if (rule === undefined) continue;
      const known = actions.get(rule);
      if (known !== undefined) {
        known.diagnostics?.push(diagnostic);
        continue;
      }
      const title = `Show documentation of ${rule}`;
      const action = new vscode.CodeAction(title, KIND);
      action.command = { command: COMMAND, title, arguments: [rule] };
      action.diagnostics = [diagnostic];
      actions.set(rule, action);
    }
    return [...actions.values()];
  }
}

/** The rule of a diagnostic of ours. */
function ruleOf({ source, code }: vscode.Diagnostic): string | undefined {
  const id = typeof code === 'object' ? code.value : code;
  return source === 'istio' && typeof id === 'string' && RULE.test(id) ? id : undefined;
}

function ruleAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const here = vscode.languages
    .getDiagnostics(editor.document.uri)
    .filter(({ range }) => range.intersection(editor.selection) !== undefined);
  return here.map(ruleOf).find(rule => rule !== undefined);
}

/** Lets the user choose among all rules that have a page. */
async function chosenRule(folder: vscode.Uri): Promise<string | undefined> {
  const rules: string[] = [];
  for (const [group, type] of await vscode.workspace.fs.readDirectory(folder)) {
    if (type !== vscode.FileType.Directory) continue;
    for (const [file] of await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder, group))) {
      if (file.endsWith('.md')) rules.push(`${group}/${file.slice(0, -'.md'.length)}`);
    }
  }
  return vscode.window.showQuickPick(rules.sort(), { placeHolder: 'A rule of Istio YAML' });
}

/** Opens the page in the Markdown preview; as text where the editor has no such preview. */
async function showPage(folder: vscode.Uri, rule: string): Promise<void> {
  const page = vscode.Uri.joinPath(folder, `${rule}.md`);
  try {
    if (!RULE.test(rule)) throw new Error('not the id of a rule');
    await vscode.workspace.fs.stat(page);
  } catch {
    await vscode.window.showWarningMessage(`There is no page on the rule “${rule}”.`);
    return;
  }
  try {
    await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
  } catch {
    await vscode.window.showTextDocument(page, { preview: true });
  }
}
