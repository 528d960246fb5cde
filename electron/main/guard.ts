import { app, type Session, shell, type WebContents } from 'electron';
import { openLink } from './external-link.ts';

const PRESSES = new Set(['mouseUp', 'mouseDown', 'keyDown', 'rawKeyDown', 'keyUp', 'touchEnd', 'gestureTap']);
const PRESS_COUNTS_MS = 1000;

/** Nothing listens there, and nobody but an administrator could make something. */
const NOWHERE = 'socks5://127.0.0.1:1';

/**
 * Takes the network away from Chromium; core's own requests do not go through it. To be called before the app is ready.
 * The content policy lets no page ask; this is for what it has no word for: name look-ups and peer connections.
 */
export function closeNetwork(): void {
	app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** Denies every page what it never needs: permissions, devices, screen capture, downloads, and the network. */
export function guardSession(session: Session, { network }: { network: boolean }): void {
	if (!network) void session.setProxy({ mode: 'fixed_servers', proxyRules: NOWHERE, proxyBypassRules: '<-loopback>' });
	session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
	session.setPermissionCheckHandler(() => false);
	session.setDevicePermissionHandler(() => false);
	session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
	session.on('will-download', (event) => event.preventDefault());
	session.setSpellCheckerEnabled(false);
}

/** No page of ours leaves its place, opens a window or holds a webview. Links go out through one door. */
export function guardContents(): void {
	app.on('web-contents-created', (_event, contents) => {
		// A peer connection sends packets past every policy of a page; what is left to it goes by the session's proxy, which is none.
		contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
		contents.on('will-navigate', (event) => event.preventDefault());
		contents.on('will-frame-navigate', (event) => event.preventDefault());
		contents.on('will-redirect', (event) => event.preventDefault());
		contents.on('will-attach-webview', (event) => event.preventDefault());
		let pressedAt = -Infinity;
		contents.on('input-event', (_input, { type }) => {
			if (PRESSES.has(type)) pressedAt = performance.now();
		});
		contents.setWindowOpenHandler(({ url }) => {
			// A link opens because somebody pressed something just now, never because a page decided to.
			if (performance.now() - pressedAt < PRESS_COUNTS_MS) openLink(url, (link) => shell.openExternal(link));
			pressedAt = -Infinity;
			return { action: 'deny' };
		});
	});
}

/** Brings a page back that has left for an empty one: of that Electron asks nobody. */
export function keepPlace(contents: WebContents, home: string): void {
	contents.on('did-navigate', (_event, url) => {
		if (!url.startsWith(home)) void contents.loadURL(home).catch(() => undefined);
	});
}

/** Prints what goes wrong in a page, policy violations included; for development and tests. */
export function logPageErrors(contents: WebContents): void {
	contents.on('console-message', (...[event, level, text]: unknown[]) => {
		// Electron 35 moved the fields into the event.
		const details = event as { level?: unknown; message?: unknown };
		const message = details.message ?? text;
		if (details.level === 'error' || level === 3) process.stderr.write(`PAGE ${String(message)}\n`);
	});
	contents.on('preload-error', (_event, _file, error) => process.stderr.write(`PAGE preload: ${error.message}\n`));
	contents.on('did-fail-load', (_event, code, text) => process.stderr.write(`PAGE load ${code} ${text}\n`));
}
