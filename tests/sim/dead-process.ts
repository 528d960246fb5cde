/** Thrown wherever a simulated process that has died still tries to do something. */
export class DeadProcess extends Error {
	constructor() {
		super('The process has died.');
	}
}

/** What a dead process would still have done fails, and nobody waits for it. Anything else that fails unheard ends this process. */
export function ignoreTheDead(): void {
	process.on('unhandledRejection', (error) => {
		if (!(error instanceof DeadProcess)) throw error;
	});
}
