import { z } from 'zod';
import { action, query } from './define.ts';
import type { SessionStatus, SignInPlace } from './session.ts';

const none = z.strictObject({});

/** Who is signed in on this laptop. Signing in itself is the shell's: it opens the browser. */
export const sessionMethods = {
	'session.status': query(none, ['sync_state', 'app_user'])<SessionStatus>(),
	/** Where to sign in, as the server says. Throws `offline`, `server_error`. */
	'session.place': action(none)<SignInPlace>(),
	/** Gives the session back to the issuer. Nothing that is saved here goes. */
	'session.signOut': action(none)<void>(),
};
