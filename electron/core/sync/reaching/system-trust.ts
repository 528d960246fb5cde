import tls from 'node:tls';

let isDone = false;

/**
 * On this thread, trusts the authorities that this computer trusts beside those that the runtime brings: an office may
 * have one of its own. Does nothing on a runtime that cannot. There is no way to trust a server without one.
 */
export function trustSystem(): void {
	if (isDone || !('setDefaultCACertificates' in tls)) return;
	isDone = true;
	tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...tls.getCACertificates('system')]);
}
