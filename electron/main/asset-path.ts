import path from 'node:path';
import { APP_HOST, APP_SCHEME } from './content-policy.ts';

const MIME: Record<string, string> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.mjs': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.json': 'application/json; charset=utf-8',
	'.svg': 'image/svg+xml',
	'.png': 'image/png',
	'.jpg': 'image/jpeg',
	'.webp': 'image/webp',
	'.ico': 'image/x-icon',
	'.woff2': 'font/woff2',
	'.woff': 'font/woff',
	'.wasm': 'application/wasm',
};

/** The built files have plain names; whatever else is asked for is not ours. No segment may begin with a dot. */
const PLAIN_PATH = /^\/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*\/)*(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*)?$/;

/**
 * The file inside the renderer folder that a URL of our scheme stands for, or undefined when it stands for none.
 * A path without an extension is a route of the single page and gets index.html.
 */
export function assetPath(url: string): string | undefined {
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	if (!parsed || parsed.protocol !== `${APP_SCHEME}:` || parsed.host !== APP_HOST) return undefined;
	if (parsed.username || parsed.password || parsed.pathname.length > 1000) return undefined;
	if (!PLAIN_PATH.test(parsed.pathname)) return undefined;
	const extension = path.posix.extname(parsed.pathname);
	if (extension === '') return 'index.html';
	return extension in MIME ? parsed.pathname.slice(1) : undefined;
}

/** The media type of a file that `assetPath` accepted. */
export function mimeOf(file: string): string {
	return MIME[path.extname(file)] ?? 'application/octet-stream';
}
