import fs from 'node:fs';

/** The processes of pages, as the system knows them. */
export function rendererStatus(main: number): string[] {
	const children = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
	const read = (pid: string, file: string) => {
		try {
			return fs.readFileSync(`/proc/${pid}/${file}`, 'utf8');
		} catch {
			return '';
		}
	};
	const ancestor = (pid: string): boolean => {
		const parent = /^PPid:\s+(\d+)$/m.exec(read(pid, 'status'))?.[1] ?? '0';
		return Number(parent) === main || (Number(parent) > 1 && ancestor(parent));
	};
	return children
		.filter((pid) => read(pid, 'cmdline').includes('--type=renderer') && ancestor(pid))
		.map((pid) => read(pid, 'status'));
}

/** Runs in main: asks every question of the bridge from pages and frames that are not ours. */
export async function askAsStranger({ app, BrowserWindow, session }: typeof Electron.CrossProcessExports) {
	const questions = `(async (bridge) => {
		if (!bridge) return 'no bridge';
		const asked = [() => bridge.call('accounts.list', {}), () => bridge.startState(), () => bridge.vault({ ask: 'facts' }),
			() => bridge.signIn('cancel'), () => bridge.chooseFile('import'), () => bridge.chooseFiles(),
			() => bridge.settings(), () => bridge.saveSettings({ density: 'compact' })];
		const answers = await Promise.all(asked.map((ask) => ask().then(() => 'answered', (error) => /Refused/.test(error.message) ? 'refused' : error.message)));
		return [...new Set(answers)].join();
	})`;
	const open = (extra: object) =>
		new BrowserWindow({
			show: false,
			webPreferences: {
				preload: `${app.getAppPath()}/out/preload/preload.cjs`,
				session: session.fromPartition('pages'),
				sandbox: true,
				...extra,
			},
		});
	const found = [];
	for (const url of ['data:text/html,x', 'about:blank']) {
		const window = open({});
		await window.loadURL(url);
		found.push(await window.webContents.executeJavaScript(`${questions}(window.fieldbook)`));
		window.destroy();
	}
	const own = open({ nodeIntegrationInSubFrames: true });
	await own.loadURL('app://fieldbook/');
	const frame = await own.webContents.executeJavaScript(`(async () => {
		const frame = document.createElement('iframe');
		document.body.append(frame);
		for (let tries = 0; tries < 100 && !frame.contentWindow.fieldbook; tries++) await new Promise((done) => setTimeout(done, 50));
		return ${questions}(frame.contentWindow.fieldbook);
	})()`);
	own.destroy();
	return { strangers: [...new Set(found)].join(), frame };
}
