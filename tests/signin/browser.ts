import { request } from 'node:http';

export interface Page {
	url: string;
	status: number;
	text: string;
}

/** The system's browser, as far as a sign-in needs it: cookies per host, redirects, and one press of a button. */
export class TestBrowser {
	readonly #cookies = new Map<string, Map<string, string>>();
	/** Every address it was on. */
	readonly visited: string[] = [];
	/** Addresses it does not go to; the first one met is kept. */
	#stopAt: string | undefined;
	#stopped: URL | undefined;

	/** Opens a page and follows where it leads. */
	async open(url: string, form?: string): Promise<Page> {
		if (this.#stopAt && url.includes(this.#stopAt)) {
			this.#stopped = new URL(url);
			return { url, status: 0, text: '' };
		}
		this.visited.push(url);
		const { status, text, to } = await this.#request(url, form);
		return to ? this.open(new URL(to, url).href) : { url, status, text };
	}

	/** Goes through the sample issuer's page as `person`; returns the last page. */
	async signIn(url: string, person: string): Promise<Page> {
		const page = await this.open(url);
		return page.text.includes(`value="${person}"`) ? this.open(page.url, `person=${person}`) : page;
	}

	/** Up to the answer for the app, which is not delivered. */
	async signInUntilAnswer(url: string, person: string): Promise<URL> {
		this.#stopAt = '/signed-in?';
		await this.signIn(url, person);
		this.#stopAt = undefined;
		if (!this.#stopped) throw new Error('The issuer has not sent the browser back.');
		return this.#stopped;
	}

	#request(url: string, form: string | undefined): Promise<{ status: number; text: string; to: string | undefined }> {
		const { host } = new URL(url);
		const jar = this.#cookies.get(host) ?? new Map<string, string>();
		this.#cookies.set(host, jar);
		const headers = {
			cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
			'sec-fetch-mode': 'navigate',
			...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
		};
		return new Promise((resolve, reject) => {
			const sent = request(url, { method: form ? 'POST' : 'GET', headers }, async (reply) => {
				for (const line of reply.headers['set-cookie'] ?? []) {
					const [pair = ''] = line.split(';');
					jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
				}
				let text = '';
				for await (const chunk of reply) text += String(chunk);
				resolve({ status: reply.statusCode ?? 0, text, to: reply.headers.location });
			});
			sent.on('error', reject);
			sent.end(form);
		});
	}
}
