import { readMeta } from '../../../db/meta.ts';
import { SCHEMA } from '../../../shared/sync/protocol.ts';
import { roundTransport } from './reaching/ask.ts';
import type { Transport } from './reaching/transport.ts';
import { ReceiptWriter } from './reporting/receipts.ts';
import type { Surroundings } from './surroundings.ts';
import type { LoopState, SyncSetup } from './sync-loop.ts';
import type { Round } from './sync-round.ts';

interface Around extends SyncSetup {
	transport: Transport;
	outside: Surroundings;
	state: LoopState;
	deviceName: string;
}

/** A round at its start. Once it is called off it writes no more, however late its last answer comes. */
export function openRound(
	around: Around,
	errand: Pick<Round, 'scope' | 'isFetching' | 'signal' | 'announce' | 'noteProgress'>,
): Round {
	const { dispatcher, store, clock, options } = around;
	const { signal } = errand;
	const traffic = { up: 0, down: 0 };
	const round: Round = {
		...around,
		...errand,
		transport: roundTransport(around.transport, () => round),
		dispatcher: {
			runUnit: (unit, work) =>
				dispatcher.runUnit(unit, (open) => {
					signal.throwIfAborted();
					return work(open);
				}),
			runLong: (unit, work) =>
				dispatcher.runLong(unit, (open, pause) => {
					signal.throwIfAborted();
					return work(open, pause);
				}),
			exclusively: (work) =>
				dispatcher.exclusively(() => {
					signal.throwIfAborted();
					return work();
				}),
			alone: (work) =>
				dispatcher.alone(() => {
					signal.throwIfAborted();
					return work();
				}),
			stopWriting: (why) => dispatcher.stopWriting(why),
			goOnWriting: () => dispatcher.goOnWriting(),
			get calls() {
				return dispatcher.calls;
			},
		},
		conclude: (work) => dispatcher.runUnit({ label: 'Received', origin: 'remote' }, work),
		receipt: new ReceiptWriter({ store, startedAt: clock.now().toISOString(), traffic }),
		traffic,
		steps: [],
		crash: (point) => options.crashPoint?.(point),
		epoch: undefined,
		serverSchema: Number(readMeta(store, 'server_schema') ?? SCHEMA),
		features: [],
		durableSeq: undefined,
	};
	return round;
}
