// Imported first by what people start: says in words what an older Node would say with a stack.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`Node 20.11 or newer is needed; this is ${process.version}`);
  process.exit(1);
}
