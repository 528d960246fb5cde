import iconv from 'iconv-lite';
import { afterAll, describe, expect, it } from 'vitest';
import { scanText } from '../../electron/core/imports/encoding.ts';
import { freePace, preview, tempFolder } from './support.ts';

const folder = tempFolder();
afterAll(folder.remove);

const german =
	'Aktenzeichen;Titel;Anmelder\r\nX-1;Verfahren für große Flügel;Müller & Söhne\r\nX-2;Gerät zur Prüfung;Bär AG\r\n';
const french =
	'Référence;Titre;Société\nX-1;Procédé de contrôle;Société Générale\nX-2;Tête d’écriture – modèle;Château SA\n';
const spanish =
	'Referencia;Título;Titular\nX-1;Método de señalización;Peña y Muñoz\nX-2;Máquina de café;Compañía «Río»\n';
const nordic = 'Ref;Titel;Ägare\nX-1;Förfarande för mätning;Åkerlund AB\nX-2;Fremgangsmåde til måling;Ørsted A/S\n';
const polish = 'Ref;Tytuł;Właściciel\nX-1;Sposób wytwarzania łożysk;Łódź Sp. z o.o.\nX-2;Urządzenie żółte;Śląsk\n';
const russian = 'Номер;Название;Владелец\nX-1;Способ получения;Завод Прибор\nX-2;Устройство;Общество\n';
const japanese = '番号;名称;出願人\nX-1;測定方法および装置;日本電気株式会社\nX-2;半導体装置の製造方法;東京株式会社\n';

describe('encoding', () => {
	it.each([
		['utf-8', german],
		['windows-1252', german],
		['macintosh', german],
		['utf-8', french],
		['windows-1252', french],
		['macintosh', french],
		['windows-1252', spanish],
		['macintosh', spanish],
		['windows-1252', nordic],
		['macintosh', nordic],
		['windows-1250', polish],
		['windows-1251', russian],
		['shift_jis', japanese],
		['utf-16le', german],
		['utf-16be', german],
	])('recognises %s', async (encoding, text) => {
		const file = folder.path(`${encoding}.csv`, iconv.encode(text, encoding));
		expect((await scanText(file, freePace)).encoding).toBe(encoding);
	});

	it.each(['utf-8', 'utf-16le', 'utf-16be'])('takes a byte-order mark of %s for what it is', async (encoding) => {
		const file = folder.path('bom.csv', iconv.encode(german, encoding, { addBOM: true }));
		const result = await preview(file);
		expect(result.settings.encoding).toBe(encoding);
		expect(result.columns[0]?.header).toBe('Aktenzeichen');
		expect(result.sample[0]).toEqual(['X-1', 'Verfahren für große Flügel', 'Müller & Söhne']);
	});

	it('finds a byte that is no UTF-8 megabytes into the file, and characters cut by the pieces it reads', async () => {
		const line = 'X-1;plain words only;Nobody\n';
		const start = `Case;Title;Owner\n${line.repeat(120_000)}`;
		const late = folder.path(
			'late.csv',
			Buffer.concat([Buffer.from(start), iconv.encode('X-2;für;Bär\n', 'windows-1252')]),
		);
		expect((await scanText(late, freePace)).encoding).toBe('windows-1252');
		const cut = folder.path('cut.csv', Buffer.from(`${'a'.repeat(1024 * 1024 - 1)}ü`));
		expect((await scanText(cut, freePace)).encoding).toBe('utf-8');
	});

	it('reads by the encoding that a person chose instead', async () => {
		const file = folder.path('told.csv', iconv.encode(german, 'windows-1252'));
		const result = await preview(file, { encoding: 'macintosh' });
		expect(result.settings.encoding).toBe('macintosh');
		expect(result.sample[0]?.[1]).not.toContain('für');
	});
});
