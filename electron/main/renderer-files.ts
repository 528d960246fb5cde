import { randomBytes } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { assetPath, mimeOf } from './asset-path.ts';
import { contentPolicy } from './content-policy.ts';

/** Answers requests of our own scheme from the built renderer in `root`; nothing outside that folder is ever read. */
export function serveRenderer(root: string): (request: { url: string; method: string }) => Promise<Response> {
	const home = realpath(root);
	return async ({ url, method }) => {
		const name = method === 'GET' || method === 'HEAD' ? assetPath(url) : undefined;
		if (name === undefined) return refusal(403);
		try {
			const file = await realpath(path.join(root, name));
			if (!file.startsWith((await home) + path.sep)) return refusal(403);
			return answer(file, await readFile(file));
		} catch {
			return refusal(404);
		}
	};
}

function answer(file: string, bytes: Buffer): Response {
	const nonce = randomBytes(16).toString('base64');
	const headers = {
		'content-type': mimeOf(file),
		'content-security-policy': contentPolicy(nonce),
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'no-referrer',
		'cross-origin-opener-policy': 'same-origin',
		'cross-origin-resource-policy': 'same-origin',
		'x-dns-prefetch-control': 'off',
	};
	const body = file.endsWith('.html') ? bytes.toString('utf8').replaceAll('%NONCE%', nonce) : new Uint8Array(bytes);
	return new Response(body, { headers });
}

function refusal(status: number): Response {
	return new Response(null, { status, headers: { 'content-security-policy': contentPolicy('none') } });
}
