import type { VaultAsk } from '../../../shared/contract/vault.ts';

const LONGEST_SECRET = 1024;

/** Reads a page's question; undefined for anything else. The bytes are copied: what came is zeroed. */
export function readAsk(value: unknown): VaultAsk | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const given = value as Record<string, unknown>;
	const secret = (name: string) => takeSecret(given[name]);
	switch (given.ask) {
		case 'open':
		case 'lock':
		case 'facts':
			return { ask: given.ask };
		case 'unlock':
		case 'choose':
		case 'newCode':
		case 'rotate': {
			const passphrase = secret('passphrase');
			return passphrase && { ask: given.ask, passphrase };
		}
		case 'recover': {
			const code = secret('code');
			return code && { ask: 'recover', code };
		}
		case 'change': {
			const [passphrase, next] = [secret('passphrase'), secret('next')];
			return passphrase && next && { ask: 'change', passphrase, next };
		}
		case 'confirm': {
			const groups = secret('groups');
			const { first, second } = given;
			return groups && isPlace(first) && isPlace(second) ? { ask: 'confirm', first, second, groups } : undefined;
		}
		default:
			return undefined;
	}
}

/** Zeroes what a question carried, once it is answered. */
export function wipeAsk(ask: VaultAsk): void {
	for (const value of Object.values(ask)) if (value instanceof Uint8Array) value.fill(0);
}

function takeSecret(value: unknown): Uint8Array | undefined {
	return value instanceof Uint8Array && value.length <= LONGEST_SECRET ? value : undefined;
}

function isPlace(value: unknown): value is number {
	return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 7;
}
