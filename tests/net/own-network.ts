import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A network that is ours alone: this process in one namespace, the server in another, a cable between them. Nothing of it
 * is seen by, or sees, the machine's own network.
 */

export const SERVER_ADDRESS = '10.77.0.2';

/** True inside the namespace that `enterOwnNetwork` makes. */
export const isInside = process.env.FIELDBOOK_OWN_NETWORK === '1';

/** Runs this very script again in namespaces of its own; its exit code, or undefined where the machine does not allow it. */
export function enterOwnNetwork(): number | undefined {
	const flags = process.getuid?.() === 0 ? '-nm' : '-rnm';
	if (process.platform !== 'linux' || spawnSync('unshare', [flags, 'ip', 'link'], { stdio: 'ignore' }).status !== 0)
		return undefined;
	const again = spawnSync('unshare', [flags, process.execPath, ...process.argv.slice(1)], {
		stdio: 'inherit',
		env: { ...process.env, FIELDBOOK_OWN_NETWORK: '1' },
	});
	return again.status ?? 1;
}

export class Cable {
	readonly #holder: ChildProcess;
	#name = 'office.test';

	private constructor(holder: ChildProcess) {
		this.#holder = holder;
	}

	/** Lays the cable. `folder` is for the list of names. */
	static async lay(folder: string): Promise<Cable> {
		const holder = spawn('unshare', ['-n', 'sleep', '100000'], { stdio: 'ignore' });
		const cable = new Cable(holder);
		// Its namespace is there once it no longer has ours.
		while (cable.#namespaceOf(holder.pid) === cable.#namespaceOf(process.pid))
			await new Promise((it) => setTimeout(it, 5));
		here('ip link set lo up');
		here('ip link add v0 type veth peer name v1');
		here(`ip link set v1 netns ${holder.pid}`);
		here('ip addr add 10.77.0.1/24 dev v0', 'ip addr add fd77::1/64 dev v0 nodad', 'ip link set v0 up');
		cable.there('ip link set lo up', `ip addr add ${SERVER_ADDRESS}/24 dev v1`, 'ip addr add fd77::2/64 dev v1 nodad');
		cable.there('ip link set v1 up');
		const names = join(folder, 'hosts');
		writeFileSync(names, readFileSync('/etc/hosts'));
		here(`mount --bind ${names} /etc/hosts`);
		return cable;
	}

	/** How a command is run at the other end. */
	get wrap(): string[] {
		return ['nsenter', '-t', String(this.#holder.pid), '-n'];
	}

	/** Runs commands at the other end. */
	there(...commands: string[]): void {
		for (const command of commands) execFileSync('nsenter', [...this.wrap.slice(1), ...command.split(' ')]);
	}

	/** Bytes on the cable, both ways, with all headers. */
	bytes(): number {
		const line = /^\s*v0:\s*(.*)$/m.exec(readFileSync('/proc/net/dev', 'utf8'))?.[1] ?? '';
		const counts = line.split(/\s+/).map(Number);
		return (counts[0] ?? 0) + (counts[8] ?? 0);
	}

	/** All that comes back is lost, from now until `mend`. */
	swallowReplies(): () => void {
		this.there('ip route add blackhole 10.77.0.1/32');
		return () => this.there('ip route del blackhole 10.77.0.1/32');
	}

	/** Large packets vanish without a word, from now until `mend`. */
	narrow(): () => void {
		// Otherwise the other end hands over many packets as one, which no limit applies to.
		this.there('ip link set v1 gso_max_size 1500 gso_max_segs 1');
		here('ip link set v0 mtu 1400', 'ip route change 10.77.0.0/24 dev v0 advmss 1460');
		return () => here('ip link set v0 mtu 1500', 'ip route change 10.77.0.0/24 dev v0');
	}

	/** The name has an IPv6 address too, and nothing ever comes back from it. */
	deadIpv6(): () => void {
		this.nameIs(SERVER_ADDRESS, 'fd77::2');
		this.there('ip -6 route add blackhole fd77::1/128');
		return () => this.there('ip -6 route del blackhole fd77::1/128');
	}

	/** The office under another name, so that no connection is left over from before. */
	rename(name: string): void {
		this.#name = name;
		this.nameIs(SERVER_ADDRESS);
	}

	/** The office by name. */
	url(port: number): string {
		return `http://${this.#name}:${port}`;
	}

	/** The office by its number. */
	plainUrl(port: number): string {
		return `http://${SERVER_ADDRESS}:${port}`;
	}

	/** What the office's name means from now on; nothing: it is not known. */
	nameIs(...addresses: string[]): void {
		const lines = addresses.map((address) => `${address} ${this.#name}`);
		writeFileSync('/etc/hosts', ['127.0.0.1 localhost', ...lines, ''].join('\n'));
	}

	cut(): void {
		this.#holder.kill('SIGKILL');
	}

	#namespaceOf(pid: number | undefined): string {
		return execFileSync('readlink', [`/proc/${pid}/ns/net`], { encoding: 'utf8' });
	}
}

function here(...commands: string[]): void {
	for (const command of commands) {
		const [name = '', ...args] = command.split(' ');
		execFileSync(name, args);
	}
}
