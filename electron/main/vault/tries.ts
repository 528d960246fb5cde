const LONGEST_WAIT = 30;

/** Makes each wrong try wait longer than the one before: one second, doubling. Nothing is ever wiped by count. */
export class WrongTries {
	#wrong = 0;

	/** Before a try. */
	async wait(): Promise<void> {
		const seconds = this.#seconds();
		if (seconds > 0) await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
	}

	/** After a wrong one: how many seconds the next will wait. */
	count(): number {
		this.#wrong += 1;
		return this.#seconds();
	}

	/** After the right one. */
	forget(): void {
		this.#wrong = 0;
	}

	#seconds(): number {
		return this.#wrong === 0 ? 0 : Math.min(2 ** (this.#wrong - 1), LONGEST_WAIT);
	}
}
