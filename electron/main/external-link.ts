const LONGEST = 2000;
const ALLOWED = new Set(['https:', 'mailto:']);

/** True for a link that may be handed to the operating system: plain https or mailto, nothing hidden in it. */
export function isSafeLink(link: unknown): link is string {
	if (typeof link !== 'string' || link.length > LONGEST) return false;
	// ASCII without spaces, control characters, quotes, backslashes and brackets: what else a link holds must be percent-encoded.
	if (!/^[!#-&(-;=?-[\]_a-z~]+$/.test(link) || !URL.canParse(link)) return false;
	const url = new URL(link);
	if (!ALLOWED.has(url.protocol) || !link.toLowerCase().startsWith(url.protocol)) return false;
	if (url.protocol === 'mailto:') return /^[^@?&#]+@[^@?&#]+$/.test(url.pathname) && !/attach/i.test(url.search);
	// Exactly two slashes: with more or fewer the browser takes another part of the text for the host.
	return /^https:\/\/[a-z0-9[]/i.test(link) && url.username === '' && url.password === '';
}

/**
 * Opens the issuer's page of a sign-in through `open`, and says whether it did. An issuer on this computer, as evaluation
 * has it, goes without https; its page is on its own host then.
 */
export function openSignInPage(link: string, issuer: string, open: (link: string) => Promise<void>): boolean {
	const isHere = /^http:\/\/127\.0\.0\.1:\d{1,5}\/[!#-&(-;=?-[\]_a-z~]*$/i.test(link) && link.length <= LONGEST;
	if (!isHere || new URL(link).origin !== new URL(issuer).origin) return openLink(link, open);
	open(new URL(link).href).catch(() => {});
	return true;
}

/** The one door out of the app: opens a safe link through `open`, and says whether it did. */
export function openLink(link: unknown, open: (link: string) => Promise<void>): boolean {
	if (!isSafeLink(link)) return false;
	open(new URL(link).href).catch(() => {});
	return true;
}
