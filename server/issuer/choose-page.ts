import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** A person who can be chosen. */
export interface IssuerPerson {
	id: string;
	name: string;
	/** In words: "Service account manager". */
	role: string;
}

/** The page on which one of the sample's people is chosen; it asks for no password because nothing behind it is real. */
export function sendChoosePage(response: ServerResponse, people: readonly IssuerPerson[]): void {
	const nonce = randomBytes(16).toString('base64');
	response.writeHead(200, {
		'content-type': 'text/html; charset=utf-8',
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'no-referrer',
		// The form's answer leads back to the app, which listens on this computer.
		'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self' http://127.0.0.1:*; frame-ancestors 'none'; base-uri 'none'`,
	});
	response.end(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Fieldbook: choose a person</title>
<meta name="viewport" content="width=device-width">
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 26rem; margin: 12vh auto 0; padding: 0 1rem }
button { display: block; width: 100%; margin: .5rem 0; padding: .75rem 1rem; text-align: left; font: inherit; cursor: pointer;
	border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 6px; background: transparent; color: inherit }
button:hover, button:focus-visible { border-color: currentColor }
small { display: block; opacity: .75 }
</style></head>
<body><main><h1>Who are you today?</h1>
<p>This is the sample workspace: three fictional people, no password.</p>
<form method="post">${people.map(button).join('')}</form></main></body></html>`);
}

function button({ id, name, role }: IssuerPerson): string {
	return `<button name="person" value="${escapeHtml(id)}">${escapeHtml(name)}<small>${escapeHtml(role)}</small></button>`;
}

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
