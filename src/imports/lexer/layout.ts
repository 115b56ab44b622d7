/** The layout of a record of the lexer, in whole numbers: that of lexer/records.ts. */

export const KIND = 0;
/** In bytes. */
export const SIZE = 1;
export const LINE = 2;
export const BITS = 3;
/** Dots before the module. */
export const LEVEL = 4;
/** Address and length of each name, the module first. */
export const SPANS = 5;

// Kinds.
export const IMPORT = 1;
/** An import by call; its names are the pieces of one literal. */
export const CALL = 2;
/** An import by call of a name that is not in the file. */
export const COMPUTED_CALL = 3;
