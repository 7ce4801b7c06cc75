/** A mistake in the arguments: its message is for the user, and the exit code is 2. */
export class UsageError extends Error {}
