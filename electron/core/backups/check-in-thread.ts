import { Worker } from 'node:worker_threads';
import { CoreError, type ErrorCode } from '../../../shared/contract/errors.ts';
import type { CheckJob, CopyFacts } from './check-copy.ts';

type Answer = { facts: CopyFacts } | { failed: { code: ErrorCode; message: string } };

/**
 * Checks a copy in a thread of its own, so that reading all of it holds up nobody. The keys are copied and zeroed there.
 * Throws CoreError; `cancelled` when the signal ends it, with the thread and all it held.
 */
export async function checkInThread(workerFile: string, job: CheckJob, signal: AbortSignal): Promise<CopyFacts> {
	if (signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
	const keys = job.keys.map((key) => Uint8Array.from(key));
	const worker = new Worker(workerFile, {
		workerData: { ...job, keys },
		transferList: keys.map((key) => key.buffer),
		name: 'backup-check',
	});
	const done = Promise.withResolvers<CopyFacts>();
	worker.on('message', (answer: Answer) => {
		if ('facts' in answer) done.resolve(answer.facts);
		else done.reject(new CoreError(answer.failed.code, answer.failed.message));
	});
	worker.on('error', (error) => done.reject(error));
	worker.on('exit', () => done.reject(new CoreError('internal', 'The check ended without an answer.')));
	const stop = () => {
		done.reject(new CoreError('cancelled', 'Cancelled.'));
		void worker.terminate();
	};
	signal.addEventListener('abort', stop, { once: true });
	try {
		return await done.promise;
	} finally {
		signal.removeEventListener('abort', stop);
	}
}
