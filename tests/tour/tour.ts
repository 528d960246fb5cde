// `npm run tour [-- --out FOLDER]`: the app shown from end to end, and its first acceptance test. Two laptops and a server:
// an export, a visit, no network, a crash, two people on one issue, and everything together again. Leaves numbered
// pictures in light and dark and a summary.json; ends with an error when a promise is broken.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { rootDir } from '../../build/paths.mjs';
import { removeFolder, temporaryFolder } from '../support/app.ts';
import { away } from './away.ts';
import { findExport } from './export-file.ts';
import { Journal } from './journal.ts';
import { meet } from './meet.ts';
import { prepare } from './prepare.ts';
import { openStage, type Stage } from './stage.ts';

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const output = path.resolve(values.out ?? path.join(rootDir, 'tour-output'));
process.exitCode = (await tour()) ? 0 : 1;

async function tour(): Promise<boolean> {
	clearOutput();
	const made = temporaryFolder('tour-export');
	const journal = new Journal(findExport(made));
	let stage: Stage | undefined;
	try {
		stage = await openStage(journal, output);
		const prepared = await prepare(stage);
		await away(stage, prepared);
		await meet(stage, prepared);
	} catch (error) {
		journal.promise(
			'the tour comes to its end',
			false,
			error instanceof Error ? (error.stack ?? error.message) : error,
		);
		for (const device of stage ? [stage.sam, stage.specialist] : []) {
			await device.app.page
				.screenshot({ path: path.join(output, `stopped-${device.name}.png`) })
				.catch(() => undefined);
		}
	} finally {
		await stage?.close().catch((error) => journal.promise('everything ends in order', false, error));
		removeFolder(made);
	}
	return conclude(journal);
}

/** Takes away what an earlier tour left, and nothing else that may lie in the folder. */
function clearOutput(): void {
	fs.mkdirSync(output, { recursive: true });
	for (const name of fs.readdirSync(output)) {
		if (/^(\d\d-[a-z-]+-(light|dark)|stopped-[a-z]+)\.png$|^summary\.json$/.test(name))
			fs.rmSync(path.join(output, name));
	}
}

function conclude(journal: Journal): boolean {
	const summary = journal.finish();
	fs.writeFileSync(path.join(output, 'summary.json'), `${JSON.stringify(summary, null, '\t')}\n`);
	const broken = summary.promises.filter((promise) => !promise.kept).length;
	const kept = summary.promises.length - broken;
	console.log(`${kept} promises kept, ${broken} broken, ${summary.steps.length} steps in ${summary.seconds} s.`);
	console.log(`Pictures and summary.json are in ${output}`);
	return summary.ok;
}
