/** Moves: the stages that a deal went through, the newest first, by whom and why. */

import { Signed } from "../../signed";
import { Statement } from "../../ui/statement";
import { Time } from "../../ui/time";
import type { OpenDeal } from "./deal";
import styles from "./deal.module.css";
import { stageName } from "./stages";

export function Moves({ deal }: { deal: OpenDeal }) {
  return (
    <section className={styles.block}>
      <h3>How it came this far</h3>
      <ol className={styles.list}>
        {deal.stageChanges.toReversed().map(({ id, before, after, by, reason, at }) => (
          <li key={id}>
            <span>
              {before
                ? `${stageName(before)} → ${stageName(after)}`
                : `Began at ${stageName(after)}`}
            </span>
            <span className="quiet small">
              <Statement text={reason} />{" "}
              {reason.includes(by) ? null : (
                <>
                  By <Signed by={by} />,{" "}
                </>
              )}
              <Time at={at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
