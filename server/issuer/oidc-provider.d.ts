/** The few parts of oidc-provider that are used; the package brings no types of its own. */
declare module 'oidc-provider' {
	import type { IncomingMessage, ServerResponse } from 'node:http';

	export interface Interaction {
		uid: string;
		prompt: { name: string };
	}

	export interface GrantModel {
		addOIDCScope(scope: string): void;
		addResourceScope(resource: string, scope: string): void;
		save(): Promise<string>;
	}

	export class Provider {
		constructor(issuer: string, configuration: object);
		callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
		interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
		interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
		Grant: new (properties: {
			accountId: string;
			clientId: string;
		}) => GrantModel;
		on(event: string, listener: (...values: never[]) => void): void;
	}

	export const interactionPolicy: {
		base(): { get(name: string): { checks: { remove(name: string): void } } };
	};
}
