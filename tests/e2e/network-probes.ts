import dgram from 'node:dgram';
import net from 'node:net';

export interface Listening {
	/** What the page is asked to reach. */
	tcp: string;
	udp: string;
	/** Whatever reached it, in a few words each. */
	heard: string[];
	close(): Promise<void>;
}

/** Something to reach on this computer that notes every connection and every packet. */
export async function listenForAnything(): Promise<Listening> {
	const heard: string[] = [];
	const sockets = new Set<net.Socket>();
	const tcp = net.createServer((socket) => {
		sockets.add(socket);
		const label = `connection ${heard.push('connection')}`;
		socket.on('error', () => undefined);
		socket.on('data', (bytes) => {
			heard.push(`${label}: ${bytes.toString('latin1').slice(0, 60)}`);
			socket.end(
				'HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok',
			);
		});
	});
	const udp = dgram.createSocket('udp4');
	udp.on('message', () => heard.push('packet'));
	await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
	await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', () => resolve()));
	const { port } = tcp.address() as net.AddressInfo;
	return {
		tcp: `127.0.0.1:${port}`,
		udp: `127.0.0.1:${udp.address().port}`,
		heard,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			udp.close();
			await new Promise((resolve) => tcp.close(resolve));
		},
	};
}

/**
 * Every way known to us in which a page can ask for something; runs in the page. `hosts`: an address and a name. Answers
 * the ways that got an answer, which is not all there is to hear: the listener counts what never came back.
 */
export async function tryEverything({ hosts, udp }: { hosts: string[]; udp: string }): Promise<string[]> {
	const reached: string[] = [];
	const note = (way: string) => () => void reached.push(way);
	const quietly = async (work: () => unknown) => {
		try {
			await work();
		} catch {
			// Refused at once is as good.
		}
	};
	const element = (tag: string, values: Record<string, string>, way = tag) => {
		const made = document.createElement(tag);
		made.addEventListener('load', note(way));
		for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
		document.body.append(made);
		return made;
	};
	const ways: (() => unknown)[] = [];
	for (const host of hosts) {
		const url = `http://${host}/`;
		ways.push(
			() => fetch(url).then(note('fetch')),
			() => fetch(url, { mode: 'no-cors' }).then(note('fetch, no cors')),
			() => {
				const request = new XMLHttpRequest();
				request.onload = note('XMLHttpRequest');
				request.open('GET', url);
				request.send();
			},
			() => {
				new WebSocket(`ws://${host}/`).onopen = note('WebSocket');
			},
			() => {
				new EventSource(url).onopen = note('EventSource');
			},
			() => navigator.sendBeacon(url, 'x'),
			() => fetch(url, { keepalive: true, method: 'POST', body: 'x', mode: 'no-cors' }).then(note('keepalive')),
			() => import(/* @vite-ignore */ url).then(note('import')),
			() => {
				new Worker(url).onmessage = note('Worker');
			},
			() => new SharedWorker(url),
			() => navigator.serviceWorker.register(url).then(note('service worker')),
			() => new Worker(URL.createObjectURL(new Blob([`fetch('${url}')`], { type: 'text/javascript' }))),
			() => element('img', { src: url }),
			() => element('img', { srcset: `${url} 2x` }, 'srcset'),
			() => element('script', { src: url }),
			() => element('video', { src: url, poster: url, autoplay: '' }),
			() => element('audio', { src: url, autoplay: '' }),
			() => element('iframe', { src: url }),
			() => element('object', { data: url }),
			() => element('embed', { src: url }),
			() => element('input', { type: 'image', src: url }, 'input image'),
			() => element('body', { background: url }, 'background'),
			() => element('a', { href: '#', ping: url }).click(),
			() => {
				const form = element('form', { action: url, method: 'post', target: '_self' }) as HTMLFormElement;
				form.submit();
			},
			() => {
				const box = document.createElement('div');
				box.style.backgroundImage = `url(${url})`;
				box.style.cursor = `url(${url}), auto`;
				box.textContent = 'x';
				document.body.append(box);
			},
			() => {
				const sheet = new CSSStyleSheet();
				sheet.replaceSync(`@font-face{font-family:probe;src:url(${url})} .probe{font-family:probe}`);
				document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
				const box = document.createElement('div');
				box.className = 'probe';
				box.textContent = 'x';
				document.body.append(box);
			},
			() => new FontFace('other', `url(${url})`).load().then(note('FontFace')),
			() => {
				const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
				for (const tag of ['image', 'use', 'feImage']) {
					const part = document.createElementNS('http://www.w3.org/2000/svg', tag);
					part.setAttribute('href', `${url}x.svg#a`);
					svg.append(part);
				}
				document.body.append(svg);
			},
			() => {
				// A frame of nobody's own inherits the policy, or it would be the way around it.
				const frame = document.createElement('iframe');
				document.body.append(frame);
				void (frame.contentWindow as unknown as typeof globalThis).fetch(url).then(note('fetch of an empty frame'));
			},
			() => {
				const WebTransport = (window as unknown as { WebTransport?: new (to: string) => unknown }).WebTransport;
				if (WebTransport) new WebTransport(`https://${host}/`);
			},
		);
		for (const rel of [
			'stylesheet',
			'preload',
			'prefetch',
			'preconnect',
			'dns-prefetch',
			'modulepreload',
			'prerender',
			'icon',
			'manifest',
		]) {
			ways.push(() => {
				const link = document.createElement('link');
				link.onload = note(rel);
				Object.assign(link, { rel, href: url });
				if (rel === 'preload') link.setAttribute('as', 'image');
				document.head.append(link);
			});
		}
	}
	ways.push(async () => {
		const [address = ''] = hosts;
		const iceServers = [
			{ urls: `stun:${udp}` },
			{ urls: [`turn:${udp}?transport=udp`, `turn:${address}?transport=tcp`], username: 'u', credential: 'c' },
		];
		const peer = new RTCPeerConnection({ iceServers });
		peer.onicecandidate = ({ candidate }) => candidate?.candidate.includes('typ srflx') && note('peer connection')();
		peer.createDataChannel('x');
		await peer.setLocalDescription(await peer.createOffer());
	});
	for (const way of ways) void quietly(way);
	await new Promise((resolve) => setTimeout(resolve, 3000));
	return reached;
}
