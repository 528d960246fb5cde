import './quick-zlib.ts';
import { checkWorld } from './invariants.ts';
import { seedNames } from './random.ts';
import { Planner, type Script, type Step } from './script.ts';
import { World } from './world.ts';

export interface Outcome {
	steps: number;
	crashes: number;
	/** How often each thing happened. */
	counts: Record<string, number>;
	problems: string[];
	trace: string[];
	/** What was played, to be played again. */
	script: Script;
}

/** Plays one seed to its end and checks what must hold then. Throws nothing: an error is a problem too. */
export function runSeed(seed: number, steps?: number): Promise<Outcome> {
	const planner = new Planner(seed, steps);
	return run(planner.cast, (world, index) => (index < planner.length ? planner.next(world) : undefined));
}

/** Plays given steps, as `runSeed` does. */
export function runScript(script: Script): Promise<Outcome> {
	return run(script, (_world, index) => script.steps[index]);
}

/** The cast that every process prepares first: what a process draws only once is drawn for it, whatever is played then. */
const FIRST_CAST = 2;

/** So that a seed is the same story whether it is the first to be played or not. */
async function prepare(desks: number): Promise<void> {
	await prepareCast(FIRST_CAST);
	await prepareCast(desks);
}

async function prepareCast(desks: number): Promise<void> {
	const world = new World({ seed: 0, desks, off: [] });
	if (!world.isFirst) return;
	const giveNamesBack = seedNames(desks);
	await world.start();
	await world.stop();
	giveNamesBack();
}

async function run(
	{ seed, desks, off }: Omit<Script, 'steps'>,
	next: (world: World, index: number) => Step | undefined,
): Promise<Outcome> {
	await prepare(desks);
	const world = new World({ seed, desks, off });
	const giveNamesBack = seedNames(seed);
	const steps: Step[] = [];
	let problems: string[] = [];
	try {
		await world.start();
		for (let step = next(world, 0); step; step = next(world, steps.length)) {
			steps.push(step);
			await world.play(step);
		}
		await world.heal();
		problems = await checkWorld(world);
	} catch (error) {
		problems = [...world.problems, `the simulation broke: ${error instanceof Error ? error.stack : String(error)}`];
	}
	await world.stop().catch((error: unknown) => problems.push(`the end failed: ${String(error)}`));
	giveNamesBack();
	const { crashes, counts, trace } = world;
	return { steps: steps.length, crashes, counts, problems, trace, script: { seed, desks, off, steps } };
}
