// Texts of short messages: their encoding, their segments, how to make any text fit the GSM alphabet, and placeholders.
export { gsmText, isGsm } from './alphabet.ts';
export { compile, foldName, PlaceholderError, type Template } from './placeholders.ts';
export { type Encoding, encodeSegments, limits, type Measure, measure, type Segments } from './segments.ts';
export { transliterate } from './transliterate.ts';
