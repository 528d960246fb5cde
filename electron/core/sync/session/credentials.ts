/** What a request shows the server. */
export interface Credentials {
	/** The value of `Authorization` for a request to `path`. Throws SignedOut, or what the network threw. */
	header(path: string): Promise<string>;
	/** The server did not take it; true when asking again may bring one that it takes. */
	refused(header: string): boolean;
}

/** There is nothing to show: the person has to sign in. */
export class SignedOut extends Error {}

/** A server with the token it was given at the start, or with a session. */
export type ServerAccess = { url: string } & ({ token: string } | { credentials: Credentials });

/** A token that never ends is shown as it is. */
export function credentialsOf(server: ServerAccess): Credentials {
	if ('credentials' in server) return server.credentials;
	return { header: async () => `Bearer ${server.token}`, refused: () => false };
}
