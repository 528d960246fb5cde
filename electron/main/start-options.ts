import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SignInPlace } from '../../shared/contract/session.ts';

/** What the environment asks of this start. No secret but the development token is taken from it. */
export interface StartOptions {
	userData: string | undefined;
	sample: boolean;
	/** Without a token people sign in. */
	server: { url: string; token?: string } | undefined;
	/** Where they do; undefined: where the server says. */
	signInPlace?: SignInPlace | undefined;
	userId: string | undefined;
	/** A driver of another place; never in a packaged app, which runs its own code only. */
	nativeBinding: string | undefined;
	/** A development server for the renderer; never in a packaged app. */
	rendererUrl: string | undefined;
	timing: boolean;
	log: boolean;
}

export interface Runtime {
	packaged: boolean;
	napi: number;
	resourcesPath: string;
}

/** The names of this computer itself, as `URL` writes them. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Reads the FIELDBOOK_* variables; anything malformed counts as not given. */
export function readStartOptions(env: NodeJS.ProcessEnv, runtime: Runtime): StartOptions {
	const sample = env.FIELDBOOK_SAMPLE === '1';
	return {
		userData: env.FIELDBOOK_USER_DATA ? path.resolve(env.FIELDBOOK_USER_DATA) : undefined,
		sample,
		server: readServer(env),
		signInPlace: readSignInPlace(env),
		userId: env.FIELDBOOK_USER || (sample ? 'u-sam' : undefined),
		nativeBinding: runtime.packaged ? shippedBinding(runtime) : env.FIELDBOOK_NATIVE || undefined,
		rendererUrl: runtime.packaged ? undefined : readRendererUrl(env.FIELDBOOK_RENDERER_URL),
		timing: env.FIELDBOOK_TIMING === '1',
		log: env.FIELDBOOK_LOG === '1',
	};
}

function readServer(env: NodeJS.ProcessEnv): StartOptions['server'] {
	const url = env.FIELDBOOK_SERVER;
	const token = env.FIELDBOOK_TOKEN;
	if (!url || !URL.canParse(url)) return undefined;
	const server = new URL(url);
	if (!isSafeWay(server)) return undefined;
	return token ? { url: server.origin, token } : { url: server.origin };
}

function readSignInPlace({
	FIELDBOOK_ISSUER: issuer,
	FIELDBOOK_CLIENT_ID: clientId,
}: NodeJS.ProcessEnv): StartOptions['signInPlace'] {
	if (!issuer || !URL.canParse(issuer) || !isSafeWay(new URL(issuer))) return undefined;
	return { issuer, clientId: clientId || 'fieldbook-desktop', scope: 'openid profile offline_access' };
}

/** The token and a client's words go encrypted, or not off this computer. */
function isSafeWay({ protocol, hostname }: URL): boolean {
	return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
}

/** Why the server given is not used, in one sentence; undefined when it is used or none was given. */
export function findServerProblem(env: NodeJS.ProcessEnv): string | undefined {
	const url = env.FIELDBOOK_SERVER;
	if (!url || readServer(env)) return undefined;
	if (!URL.canParse(url)) return 'FIELDBOOK_SERVER is not an address; Fieldbook works without a server.';
	return 'FIELDBOOK_SERVER must begin with https:// (http:// is for this computer only); Fieldbook works without a server.';
}

/** The driver's own build needs Node-API 10; an older runtime brings a build of its own beside the app. */
function shippedBinding({ napi, resourcesPath }: Runtime): string | undefined {
	if (napi >= 10) return undefined;
	return path.join(resourcesPath, 'native', 'better-sqlite3.node');
}

/** Only this computer may serve the renderer while developing. */
function readRendererUrl(url: string | undefined): string | undefined {
	if (!url || !URL.canParse(url)) return undefined;
	const { protocol, hostname, href } = new URL(url);
	return protocol === 'http:' && LOOPBACK.includes(hostname) ? href : undefined;
}

/** Switches that let another program drive, observe or weaken the app. */
export const REFUSED_SWITCHES = [
	// Driving it
	'remote-debugging-port',
	'remote-debugging-pipe',
	'remote-debugging-address',
	'remote-allow-origins',
	'inspect',
	'inspect-brk',
	'inspect-brk-node',
	'inspect-wait',
	'inspect-port',
	'inspect-publish-uid',
	'debug',
	'debug-brk',
	'enable-automation',
	'load-extension',
	'js-flags',
	// Going between it and the network
	'ignore-certificate-errors',
	'ignore-certificate-errors-spki-list',
	'allow-insecure-localhost',
	'host-resolver-rules',
	'host-rules',
	'proxy-server',
	'proxy-pac-url',
	'proxy-bypass-list',
	'auth-server-allowlist',
	'auth-server-whitelist',
	'auth-negotiate-delegate-allowlist',
	'auth-negotiate-delegate-whitelist',
	'force-webrtc-ip-handling-policy',
	// Taking the walls down
	'no-sandbox',
	'no-zygote',
	'single-process',
	'in-process-gpu',
	'disable-setuid-sandbox',
	'disable-namespace-sandbox',
	'disable-seccomp-filter-sandbox',
	'disable-gpu-sandbox',
	'disable-web-security',
	'disable-site-isolation-trials',
	'disable-features',
	'enable-features',
	'enable-blink-features',
	'enable-experimental-web-platform-features',
	'allow-running-insecure-content',
	'allow-file-access-from-files',
	'unsafely-treat-insecure-origin-as-secure',
	'browser-subprocess-path',
	'renderer-cmd-prefix',
	'utility-cmd-prefix',
	'gpu-launcher',
	// Writing down what it does
	'ssl-key-log-file',
	'log-net-log',
	'log-file',
	'enable-logging',
	'trace-startup',
	'trace-config-file',
	'enable-crash-reporter',
	'full-memory-crash-report',
	'crash-dumps-dir',
] as const;

/** By which whoever starts the app would have it talk to any server that says it is ours. */
const DEAF_TO = ['NODE_TLS_REJECT_UNAUTHORIZED'];

/** Takes out of the environment what would weaken the app; the threads that it starts later get what is left. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): void {
	for (const name of DEAF_TO) delete env[name];
}

/** The first refused switch on the command line, or undefined. */
export function findRefusedSwitch(hasSwitch: (name: string) => boolean): string | undefined {
	return REFUSED_SWITCHES.find((name) => hasSwitch(name));
}

/** A build made for end-to-end tests says so in its own package.json, inside the archive that integrity checks cover. */
export function isTestBuild(appPath: string): boolean {
	const file = path.join(appPath, 'package.json');
	if (!existsSync(file)) return false;
	const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
	return typeof manifest === 'object' && manifest !== null && 'testBuild' in manifest && manifest.testBuild === true;
}
