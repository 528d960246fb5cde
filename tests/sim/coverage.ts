/** What of the protocol was met by what, out of a simulation's counts ("name" and "fault @ step"). */
export interface Coverage {
	/** How often each thing happened. */
	counts: Record<string, number>;
	/** Faults by the step of the protocol they met. */
	matrix: Record<string, Record<string, number>>;
	/** Named crash points: how often somebody came by, and how often somebody died there. */
	crashPoints: Record<string, { passed: number; died: number }>;
}

const PASSED = 'passed ';
const DIED = 'crash point ';

/** Sorts a simulation's counts into what a person asks of them. */
export function coverage(all: Readonly<Record<string, number>>): Coverage {
	const found: Coverage = { counts: {}, matrix: {}, crashPoints: {} };
	for (const name of Object.keys(all).sort()) {
		const n = all[name] as number;
		const [fault = name, step] = name.split(' @ ');
		if (name.startsWith(PASSED)) {
			const point = name.slice(PASSED.length);
			found.crashPoints[point] = { passed: n, died: all[DIED + point] ?? 0 };
		} else if (name.startsWith(DIED)) continue;
		else if (step) found.matrix[fault] = { ...found.matrix[fault], [step]: n };
		else found.counts[name] = n;
	}
	return found;
}
