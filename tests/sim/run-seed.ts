import { checkWorld } from './invariants.ts';
import { seedNames } from './random.ts';
import { World } from './world.ts';

export interface SeedResult {
	seed: number;
	steps: number;
	crashes: number;
	/** How often each thing happened. */
	counts: Record<string, number>;
	problems: string[];
	trace: string[];
}

/** Plays one seed to its end and checks what must hold then. Throws nothing: an error is a problem too. */
export async function runSeed(seed: number, steps = 110): Promise<SeedResult> {
	const giveNamesBack = seedNames(seed);
	const world = new World(seed);
	let problems: string[] = [];
	try {
		await world.start();
		for (let step = 0; step < steps; step += 1) await world.step();
		await world.heal();
		problems = await checkWorld(world);
	} catch (error) {
		problems = [...world.problems, `the simulation broke: ${error instanceof Error ? error.stack : String(error)}`];
	}
	await world.stop().catch((error: unknown) => problems.push(`the end failed: ${String(error)}`));
	giveNamesBack();
	const { crashes, counts, trace } = world;
	return { seed, steps: world.steps, crashes, counts, problems, trace };
}
