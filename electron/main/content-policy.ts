/** Scheme, host and origin of our own pages. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'fieldbook';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** The content security policy of every page; the nonce is fresh for each response. */
export function contentPolicy(nonce: string): string {
	return [
		"default-src 'none'",
		"script-src 'self'",
		`style-src 'self' 'nonce-${nonce}'`,
		"img-src 'self' data: blob:",
		"font-src 'self'",
		"connect-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"object-src 'none'",
		"require-trusted-types-for 'script'",
		'trusted-types default',
	].join('; ');
}

/** True when a message comes from the page we served, not from a frame inside it or from elsewhere. */
export function isOwnOrigin(origin: string, rendererUrl: string | undefined): boolean {
	return origin === APP_ORIGIN || (rendererUrl !== undefined && origin === new URL(rendererUrl).origin);
}
