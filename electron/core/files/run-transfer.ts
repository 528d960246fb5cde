import { fetchFile } from './fetch-file.ts';
import type { NoteArrival, RunUnit } from './file-loop.ts';
import { dequeue, type FileJob, noteHere, noteState, noteUpload } from './file-queue.ts';
import type { FileWay } from './file-way.ts';
import { sendFile } from './send-file.ts';

export interface Transfer {
	job: FileJob;
	way: FileWay;
	runUnit: RunUnit;
	noteArrival: NoteArrival;
	/** Told how many bytes are through, after each piece. */
	onBytes(done: number): void;
}

/** How often the store is told how far a file has come. */
const NOTE_MS = 1000;

/** Sends or fetches one file to its end and notes in the store how far it has come. Throws what sendFile and fetchFile do. */
export function runTransfer(transfer: Transfer): Promise<void> {
	return transfer.job.direction === 'up' ? send(transfer) : fetchIn(transfer);
}

async function send({ job, way, runUnit, noteArrival, onBytes }: Transfer): Promise<void> {
	let url = job.upload_url;
	const noteBytes = (bytes: number) => runUnit((unit) => noteUpload(unit, job, { url, bytes }));
	const noteSometimes = atMostEvery(NOTE_MS, noteBytes);
	const file = { sha256: job.sha256, size: job.size, account: job.account_id, url };
	await sendFile(way, file, {
		url: async (next) => {
			url = next;
			await noteBytes(0);
		},
		bytes: async (done) => {
			onBytes(done);
			await noteSometimes(done);
		},
	});
	await runUnit((unit) => {
		dequeue(unit, job);
		noteArrival(unit, job);
	});
}

async function fetchIn({ job, way, runUnit, noteArrival, onBytes }: Transfer): Promise<void> {
	const { sha256, size } = job;
	const noteBytes = (bytesHere: number) =>
		runUnit((unit) => noteState(unit, { sha256, size, state: 'partial', bytesHere }));
	const noteSometimes = atMostEvery(NOTE_MS, noteBytes);
	let here = 0;
	try {
		await fetchFile(way, { sha256, size, account: job.account_id }, async (bytes) => {
			here = bytes;
			onBytes(bytes);
			await noteSometimes(bytes);
		});
	} catch (error) {
		if (here > 0) await noteBytes(here);
		throw error;
	}
	await runUnit((unit) => {
		noteHere(unit, { sha256, size });
		noteArrival(unit, job);
	});
}

function atMostEvery(ms: number, note: (bytes: number) => Promise<void>): (bytes: number) => Promise<void> {
	let last = Number.NEGATIVE_INFINITY;
	return async (bytes) => {
		if (performance.now() - last < ms) return;
		last = performance.now();
		await note(bytes);
	};
}
