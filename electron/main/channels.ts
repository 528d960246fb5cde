/** Questions a page may put to main; one per method of the bridge. */
export const ASK = {
	call: 'fieldbook:call',
	startState: 'fieldbook:start-state',
	vault: 'fieldbook:vault',
	left: 'fieldbook:left',
	signIn: 'fieldbook:sign-in',
	chooseFile: 'fieldbook:choose-file',
	chooseFiles: 'fieldbook:choose-files',
	dropFile: 'fieldbook:drop-file',
	settings: 'fieldbook:settings',
	saveSettings: 'fieldbook:save-settings',
	tellLink: 'fieldbook:tell-link',
	painted: 'fieldbook:painted',
} as const;

/** What main tells a page unasked. */
export const TELL = {
	event: 'fieldbook:event',
	startState: 'fieldbook:start-state-changed',
	menu: 'fieldbook:menu',
	leave: 'fieldbook:leave',
	/** Zeros, which a page says back and nobody hears. */
	nothing: 'fieldbook:nothing',
} as const;
