const waiting: (() => Promise<unknown>)[] = [];

/** Remembers a chunk to be fetched once the first screen stands, and returns its loader unchanged. */
export function warmLater<T>(load: () => Promise<T>): () => Promise<T> {
	waiting.push(load);
	return load;
}

/** Fetches the remembered chunks one by one while nothing else is to do, so that no key press ever waits for one. */
export function warmChunks(): void {
	const next = waiting.shift();
	if (!next) return;
	requestIdleCallback(() => void next().finally(warmChunks), { timeout: 3000 });
}
