import { createRandom } from '../sim/random.ts';
import { removeFolder, temporaryFolder } from '../support/app.ts';
import { checkWorkbook, type Kept, makeWorkbook } from './check-workbook.ts';
import { Disk } from './disk.ts';
import { type Recording, record, whyNoRecorder } from './record.ts';
import type { Options, Result } from './result.ts';
import { type Built, buildVictim } from './victim.ts';

const CUTS_OF_ONE = 100;

interface Sum {
	cuts: number;
	/** Cuts after which something that had been confirmed was gone. */
	bad: number;
	lost: string[];
	problems: string[];
	confirmed: number;
}

/**
 * Records every call by which a working workbook writes to its folder, then cuts the power at random moments: what was not
 * synced may be lost, reordered or torn. What comes back must open, be whole, and hold everything that was confirmed.
 * The control does the same with a driver that syncs less, and must lose something in more than half of the cuts.
 */
export async function run({ long, quick, seed, plant }: Options): Promise<Result> {
	const why = whyNoRecorder();
	if (why) return { name: 'powercuts', ok: true, tried: 0, lost: 0, skipped: why };
	const built = await buildVictim();
	try {
		const cuts = long ? 10_000 : quick ? 200 : 500;
		const sum = await cutOften(built, { cuts, seed, plant: plant ? 'lazy-sync' : undefined });
		const control = plant ? sum : await cutOften(built, { cuts: cuts / 5, seed, plant: 'lazy-sync' });
		const isBlind = control.bad * 2 <= control.cuts;
		return {
			name: 'powercuts',
			ok: sum.bad === 0 && !isBlind,
			tried: sum.cuts,
			lost: sum.bad,
			confirmed: sum.confirmed,
			control: { tried: control.cuts, lost: control.bad },
			examples: [...sum.problems, ...sum.lost].slice(0, 5),
		};
	} finally {
		built.remove();
	}
}

interface Cutting {
	cuts: number;
	seed: number;
	plant: string | undefined;
}

async function cutOften(built: Built, { cuts, seed, plant }: Cutting): Promise<Sum> {
	const sum: Sum = { cuts: 0, bad: 0, lost: [], problems: [], confirmed: 0 };
	for (let part = 0; sum.cuts < cuts; part++) {
		const folder = temporaryFolder('power');
		try {
			await makeWorkbook(folder);
			const recording = await record(built, {
				folder,
				seed: seed * 1000 + part,
				steps: 90,
				work: 'edit,type,import,file,lock,key,backup,restore',
				...(plant ? { plant, work: 'edit,type' } : {}),
			});
			if (recording.refused.length > 0) sum.problems.push(...recording.refused);
			await cutOne(sum, recording, { seed: seed * 1000 + part, cuts: Math.min(CUTS_OF_ONE, cuts - sum.cuts) });
		} finally {
			removeFolder(folder);
		}
	}
	return sum;
}

async function cutOne(sum: Sum, { before, events }: Recording, { seed, cuts }: { seed: number; cuts: number }) {
	const random = createRandom(seed);
	const moments = Array.from({ length: cuts }, () => random.int(events.length + 1)).sort((one, other) => one - other);
	const disk = new Disk(before);
	const kept: Kept[] = [];
	let done = 0;
	for (const moment of moments) {
		for (; done < moment; done++) {
			const event = events[done];
			if (!event) break;
			if (event.event === 'kept') kept.push(event.kept);
			else disk.note(event);
		}
		const target = temporaryFolder('power-cut');
		try {
			disk.cutPower(random, target);
			const { lost, problems } = await checkWorkbook(target, kept);
			sum.cuts += 1;
			if (lost.length + problems.length > 0) sum.bad += 1;
			sum.lost.push(...lost.map((one) => `cut at ${moment} of ${events.length}: ${one}`));
			sum.problems.push(...problems.map((one) => `cut at ${moment} of ${events.length}: ${one}`));
		} finally {
			removeFolder(target);
		}
	}
	sum.confirmed += kept.length;
}
