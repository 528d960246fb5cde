/** A bug to plant: in `file`, what stands in `find` (exactly once) becomes `put`. */
export interface Mutant {
	name: string;
	patches: ReadonlyArray<{ file: string; find: string; put: string }>;
	/** Things without which it cannot show: simulations in which one of them does not happen are passed over. */
	needs?: readonly string[];
}

export const one = (name: string, file: string, change: [find: string, put: string]): Mutant => ({
	name,
	patches: [{ file, find: change[0], put: change[1] }],
});
