import type {
	Group,
	HelloReply,
	Op,
	OpResult,
	PullEnd,
	PullGone,
	PullLine,
	PullRow,
	PullScope,
	PullText,
	PushReply,
} from '../../shared/sync/protocol.ts';
import { nextVersion, type Version } from '../../shared/sync/version.ts';

export interface Answer<T> {
	status: number;
	body: T;
	headers: Headers;
}

export interface Pulled {
	rows: PullRow[];
	texts: PullText[];
	gone: PullGone[];
	scopes: PullScope[];
	/** All lines as they came, without the end. */
	lines: PullLine[];
	cursor: string;
	pages: number;
}

/** A laptop without a store: speaks the wire format as a test says, wrong if need be. */
export class RawDevice {
	readonly url: string;
	readonly token: string;
	readonly device: string;
	short: string;
	nonce = '';
	no = 0;
	cursor: string | null = null;
	clockMs: () => number = Date.now;
	/** The schema it speaks; 1 is a laptop of the first release. */
	schema = 1;
	#last: Version | undefined;

	constructor(url: string, token: string, short: string) {
		this.url = url;
		this.token = token;
		this.short = short;
		this.device = `device-${short}`;
	}

	/** The next version of this device. */
	hlc(): Version {
		this.#last = nextVersion(this.#last, this.clockMs(), this.short);
		return this.#last;
	}

	async request<T>(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
		const response = await fetch(this.url + path, {
			method: body === undefined ? 'GET' : 'POST',
			headers: {
				authorization: `Bearer ${this.token}`,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...headers,
			},
			...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		});
		const text = await response.text();
		const isJson = response.headers.get('content-type')?.includes('application/json');
		return { status: response.status, body: (isJson ? JSON.parse(text) : text) as T, headers: response.headers };
	}

	async hello(over: Record<string, unknown> = {}): Promise<Answer<HelloReply>> {
		const { device, short, cursor } = this;
		const answer = await this.request<HelloReply>('/v1/sync/hello', {
			device,
			short,
			name: `Laptop ${short}`,
			app: '0.1.0',
			protocol: 1,
			schema: this.schema,
			lastAckedGroup: this.no,
			cursor,
			...over,
		});
		if (answer.status === 200) this.nonce = answer.body.nonce;
		return answer;
	}

	/** Sends groups as they are. */
	async send(groups: readonly unknown[]): Promise<Answer<PushReply & { error?: { code: string } }>> {
		const answer = await this.request<PushReply & { error?: { code: string } }>('/v1/sync/push', {
			device: this.device,
			nonce: this.nonce,
			groups,
		});
		if (answer.status === 200) {
			this.nonce = answer.body.nonce;
			this.no = Math.max(this.no, answer.body.ackedThrough);
		}
		return answer;
	}

	/** One group under the next number. */
	group(ops: readonly unknown[], origin: Group['origin'] = 'person'): Group {
		return { no: this.no + 1, at: '2026-11-23T20:00:00+01:00', origin, ops: ops as Op[] };
	}

	/** Sends one new group; throws unless it is taken. */
	async push(ops: readonly unknown[], origin: Group['origin'] = 'person'): Promise<OpResult[]> {
		const { status, body } = await this.send([this.group(ops, origin)]);
		if (status !== 200) throw new Error(`${status} ${body.error?.code}`);
		return body.results;
	}

	async page(cursor: string | null, max?: number): Promise<Pulled & { more: boolean }> {
		const query = new URLSearchParams({
			...(cursor ? { cursor } : {}),
			...(max ? { max: String(max) } : {}),
			...(this.schema > 1 ? { schema: String(this.schema) } : {}),
		});
		const { status, body } = await this.request<string>(`/v1/sync/pull?${query}`);
		if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
		const lines = body
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as PullLine);
		const end = lines.at(-1) as PullEnd;
		const rest = lines.slice(0, -1);
		if (!end.end || end.n !== rest.length) throw new Error('The page has no end.');
		return {
			rows: rest.filter((line) => 'v' in line),
			texts: rest.filter((line) => 'y' in line),
			gone: rest.filter((line) => 'gone' in line),
			scopes: rest.filter((line) => 'scope' in line),
			lines: rest,
			cursor: end.cursor,
			more: end.more,
			pages: 1,
		};
	}

	/** Pulls to the end from where it was. */
	async pull(max?: number): Promise<Pulled> {
		const all: Pulled = { rows: [], texts: [], gone: [], scopes: [], lines: [], cursor: this.cursor ?? '', pages: 0 };
		for (;;) {
			const page = await this.page(this.cursor, max);
			all.rows.push(...page.rows);
			all.texts.push(...page.texts);
			all.gone.push(...page.gone);
			all.scopes.push(...page.scopes);
			all.lines.push(...page.lines);
			all.pages += 1;
			all.cursor = this.cursor = page.cursor;
			if (!page.more) return all;
		}
	}
}
