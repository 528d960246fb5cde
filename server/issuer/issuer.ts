import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import type { Provider } from 'oidc-provider';
import type { SignInPlace } from '../security/session-routes.ts';
import { type IssuerPerson, sendChoosePage } from './choose-page.ts';
import { createShelf } from './token-shelf.ts';

/** What the app is called with its issuer, and the API with it, unless the environment says otherwise. */
export const CLIENT_ID = 'fieldbook-desktop';
export const AUDIENCE = 'https://fieldbook.example.com/api';
export const SCOPE = 'openid profile offline_access';

const ACCESS_S = 600;
const DAY_S = 86_400;
const REFRESH_S = 90 * DAY_S;

export interface IssuerOptions {
	people: readonly IssuerPerson[];
	/** Whether a person has been put out: they get no more tokens. */
	isOut: (subject: string) => Promise<boolean>;
	/** Seconds an access token lives. */
	accessSeconds?: number;
	port?: number | undefined;
}

export interface OwnIssuer extends SignInPlace {
	close: () => Promise<void>;
}

/**
 * Starts an OpenID Connect issuer of our own on this computer, for evaluation: real tokens and a real sign-in, but people
 * are chosen instead of proved. Throws in production.
 */
export async function startIssuer(options: IssuerOptions): Promise<OwnIssuer> {
	if (process.env.NODE_ENV === 'production')
		throw new Error('The issuer of the sample asks for no password. Set FIELDBOOK_ISSUER to your own.');
	const server = createServer({ requestTimeout: 10_000, headersTimeout: 5000, maxHeaderSize: 16_384 });
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port ?? 0, '127.0.0.1', resolve);
	});
	const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const provider = await createProvider(issuer, options);
	const answer = provider.callback();
	server.on('request', (request, response) => {
		handle(provider, { request, response, people: options.people, answer }).catch(() => {
			if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain', 'cache-control': 'no-store' });
			response.end('This sign-in is over. Start it again from Fieldbook.');
		});
	});
	return { issuer, clientId: CLIENT_ID, audience: AUDIENCE, scope: SCOPE, close: () => close(server) };
}

function close(server: Server): Promise<void> {
	server.closeAllConnections();
	return new Promise((resolve) => server.close(() => resolve()));
}

interface Visit {
	request: IncomingMessage;
	response: ServerResponse;
	people: readonly IssuerPerson[];
	answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

async function handle(provider: Provider, { request, response, people, answer }: Visit): Promise<void> {
	if (!request.url?.startsWith('/choose/')) return answer(request, response);
	await provider.interactionDetails(request, response);
	if (request.method !== 'POST') return sendChoosePage(response, people);
	const chosen = new URLSearchParams(await readSmall(request)).get('person');
	if (!people.some(({ id }) => id === chosen)) return sendChoosePage(response, people);
	await provider.interactionFinished(request, response, {
		login: { accountId: chosen, remember: false },
		consent: {},
	});
}

async function readSmall(request: IncomingMessage): Promise<string> {
	let text = '';
	for await (const chunk of request) {
		text += String(chunk);
		if (text.length > 2000) throw new Error('More than a choice.');
	}
	return text;
}

async function createProvider(issuer: string, options: IssuerOptions): Promise<Provider> {
	// Loaded only where it is used: a server with another issuer does without.
	const { Provider: OidcProvider, interactionPolicy } = await import('oidc-provider');
	const prompts = interactionPolicy.base();
	// Whoever signs in to the app has thereby agreed that the app is signed in.
	prompts.get('consent').checks.remove('native_client_prompt');
	const provider = new OidcProvider(issuer, {
		adapter: createShelf(),
		jwks: { keys: [await newKey()] },
		cookies: { keys: [randomBytes(32).toString('hex')] },
		clients: [
			{
				client_id: CLIENT_ID,
				application_type: 'native',
				token_endpoint_auth_method: 'none',
				redirect_uris: ['http://127.0.0.1/signed-in'],
				grant_types: ['authorization_code', 'refresh_token'],
				response_types: ['code'],
				id_token_signed_response_alg: 'ES256',
			},
		],
		claims: { openid: ['sub'], profile: ['name'] },
		responseTypes: ['code'],
		pkce: { required: () => true, methods: ['S256'] },
		rotateRefreshToken: true,
		interactions: { policy: prompts, url: (_: unknown, { uid }: { uid: string }) => `/choose/${uid}` },
		findAccount: (_: unknown, subject: string) => findAccount(options, subject),
		loadExistingGrant: grantAll,
		extraTokenClaims: (_: unknown, { grantId }: { grantId?: string }) => ({ sid: grantId }),
		ttl: {
			AccessToken: options.accessSeconds ?? ACCESS_S,
			AuthorizationCode: 60,
			IdToken: 600,
			Interaction: 600,
			Session: DAY_S,
			Grant: REFRESH_S,
			RefreshToken: REFRESH_S,
		},
		features: features(options.accessSeconds ?? ACCESS_S),
	});
	return provider;
}

function features(accessTokenTTL: number): object {
	return {
		devInteractions: { enabled: false },
		userinfo: { enabled: false },
		rpInitiatedLogout: { enabled: false },
		revocation: {
			enabled: true,
			allowedPolicy: (_: unknown, client: { clientId: string }, token: { clientId?: string }) =>
				token.clientId === client.clientId,
		},
		pushedAuthorizationRequests: { enabled: false },
		dPoP: { enabled: false },
		resourceIndicators: {
			enabled: true,
			defaultResource: () => AUDIENCE,
			useGrantedResource: () => true,
			getResourceServerInfo: () => ({
				scope: '',
				audience: AUDIENCE,
				accessTokenTTL,
				accessTokenFormat: 'jwt',
				jwt: { sign: { alg: 'ES256' } },
			}),
		},
	};
}

async function newKey(): Promise<object> {
	const { privateKey } = await generateKeyPair('ES256', { extractable: true });
	return { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: randomUUID() };
}

async function findAccount({ people, isOut }: IssuerOptions, subject: string): Promise<object | undefined> {
	const person = people.find(({ id }) => id === subject);
	if (!person || (await isOut(subject))) return undefined;
	return { accountId: subject, claims: async () => ({ sub: subject, name: person.name }) };
}

interface Asking {
	oidc: {
		provider: Provider;
		client: { clientId: string };
		session: { accountId: string; grantIdFor(client: string): string | undefined };
	};
}

/** The app is the only one there is: nobody is asked whether it may know them. Each sign-in has a line of tokens of its own. */
async function grantAll({ oidc }: Asking): Promise<object> {
	const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
	grant.addOIDCScope(SCOPE);
	await grant.save();
	return grant;
}
