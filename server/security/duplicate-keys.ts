/**
 * Whether any object in a JSON text names one key twice. Readers differ in which of the two they take, so whoever signed
 * the one may have the other believed. `text` must be JSON already.
 */
export function hasDuplicateKeys(text: string): boolean {
	const objects: (Set<string> | undefined)[] = [];
	for (let at = 0; at < text.length; at++) {
		const sign = text[at];
		if (sign === '{') objects.push(new Set());
		else if (sign === '[') objects.push(undefined);
		else if (sign === '}' || sign === ']') objects.pop();
		else if (sign === '"') {
			const end = endOfString(text, at + 1);
			const isKey = /^\s*:/.test(text.slice(end + 1, end + 100));
			const keys = objects.at(-1);
			if (isKey && keys) {
				const key = JSON.parse(text.slice(at, end + 1)) as string;
				if (keys.has(key)) return true;
				keys.add(key);
			}
			at = end;
		}
	}
	return false;
}

function endOfString(text: string, from: number): number {
	for (let at = from; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === '"') return at;
	}
	return text.length;
}
