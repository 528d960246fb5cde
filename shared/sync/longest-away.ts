/**
 * The longest time that a laptop may be away, in milliseconds: what is only kept for laptops that come back is kept for so
 * long, on both sides. One that comes later loses nothing that was typed on it; it fetches everything from the start.
 */
export const LONGEST_AWAY_MS = 400 * 86_400_000;
