/** The library that speaks the protocol: a bundle of its own, loaded only after the extension has started. */
export { LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
