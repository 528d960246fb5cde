/** Tail of the versions that the server itself makes. No device may have it. */
export const SERVER_SHORT = 'server00';
