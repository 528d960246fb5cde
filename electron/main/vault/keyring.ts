import type { SafeStorage } from 'electron';

/** The operating system's protected store, as far as the vault needs it. */
export interface Keyring {
	/** Name of the backend that protects secrets, or null when there is none worth the name. */
	backend(): Promise<string | null>;
	wrap(key: Buffer): Promise<Buffer>;
	unwrap(wrapped: Buffer): Promise<Buffer>;
}

/** Backends that protect with the person's login. `basic_text` is a fixed password: never. */
const PROTECTED_ON_LINUX = new Set(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6']);

/** The name under which a platform's store counts as protected, or null. On Linux the name decides, not "available". */
export function protectedBackend(platform: NodeJS.Platform, linuxBackend: string | undefined): string | null {
	if (platform === 'darwin') return 'keychain';
	if (platform === 'win32') return 'dpapi';
	return linuxBackend !== undefined && PROTECTED_ON_LINUX.has(linuxBackend) ? linuxBackend : null;
}

/** Electron's safeStorage: the asynchronous calls where they exist, the older ones otherwise. Use after the app is ready. */
export function safeStorageKeyring(storage: SafeStorage, platform: NodeJS.Platform): Keyring {
	const hasAsync = typeof storage.encryptStringAsync === 'function';
	return {
		async backend() {
			const name = platform === 'linux' ? storage.getSelectedStorageBackend() : undefined;
			const backend = protectedBackend(platform, name);
			if (backend === null) return null;
			const available = hasAsync ? await storage.isAsyncEncryptionAvailable() : storage.isEncryptionAvailable();
			return available ? backend : null;
		},
		async wrap(key) {
			const text = key.toString('base64');
			return hasAsync ? storage.encryptStringAsync(text) : storage.encryptString(text);
		},
		async unwrap(wrapped) {
			const text = hasAsync ? (await storage.decryptStringAsync(wrapped)).result : storage.decryptString(wrapped);
			return Buffer.from(text, 'base64');
		},
	};
}
