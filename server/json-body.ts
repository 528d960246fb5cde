import { ApiError } from './api-error.ts';

/** Deepest nesting accepted. An operation's value needs about eight; deeper bodies only exhaust stacks. */
const MAX_DEPTH = 64;

/** Parses a request body. Throws `bad_request` for what is not JSON or nested too deep; looks at depth before anything recursive does. */
export function parseJsonBody(text: string): unknown {
	if (isTooDeep(text)) throw new ApiError(400, 'bad_request', 'The body is nested too deeply.');
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw new ApiError(400, 'bad_request', 'The body is not JSON.');
	}
}

function isTooDeep(text: string): boolean {
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === 0x22) at = endOfString(text, at + 1);
		else if (code === 0x5b || code === 0x7b) {
			if (++depth > MAX_DEPTH) return true;
		} else if (code === 0x5d || code === 0x7d) depth--;
	}
	return false;
}

function endOfString(text: string, from: number): number {
	for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
		let slashes = 0;
		while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++;
		if (slashes % 2 === 0) return at;
	}
	return text.length;
}

/** Whether a key `__proto__` occurs anywhere in a parsed value: a validator may drop it without a word, and so lose data. */
export function hasProtoKey(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return false;
	if (Object.hasOwn(value, '__proto__')) return true;
	return Object.values(value).some(hasProtoKey);
}
