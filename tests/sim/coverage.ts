/** What of the protocol was met by what, out of a simulation's counts ("name" and "fault @ step"). */
export interface Coverage {
	/** How often each thing happened. */
	counts: Record<string, number>;
	/** Faults by the step of the protocol they met. */
	matrix: Record<string, Record<string, number>>;
	/** Named crash points, by how often somebody died there. */
	crashPoints: Record<string, number>;
}

const POINT = 'crash point ';

/** Sorts a simulation's counts into what a person asks of them. */
export function coverage(all: Readonly<Record<string, number>>): Coverage {
	const found: Coverage = { counts: {}, matrix: {}, crashPoints: {} };
	for (const name of Object.keys(all).sort()) {
		const n = all[name] as number;
		const [fault = name, step] = name.split(' @ ');
		if (name.startsWith(POINT)) found.crashPoints[name.slice(POINT.length)] = n;
		else if (step) found.matrix[fault] = { ...found.matrix[fault], [step]: n };
		else found.counts[name] = n;
	}
	return found;
}
