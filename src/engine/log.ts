// The part of a pino logger that the engine uses.

type Write = (fields: object, message: string) => void;

export type Log = { debug: Write; info: Write; warn: Write; error: Write };
