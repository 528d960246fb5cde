/** Steps at which a laptop can be told to die; see CoreOptions.crashPoint. */
export const LAPTOP_POINTS: readonly string[] = [];
/** Steps at which the server can be told to die. */
export const SERVER_POINTS: readonly string[] = [];
