/** DiscardDialog: asked once more, for what is put away is not tried again. */

import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { discard } from "./acts";
import type { Letter } from "./deadLetters";
import styles from "./system.module.css";

export function DiscardDialog({ letter, onClose }: { letter: Letter; onClose: () => void }) {
  return (
    <Dialog title="Put this dead letter away?" onClose={onClose}>
      <div className={styles.form}>
        <p>{letter.text}</p>
        <p className="quiet">It stays readable, but can never be tried again.</p>
        <div className={styles.buttons}>
          <Button kind="danger" onClick={async () => (await discard(letter)) && onClose()}>
            Discard
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </div>
    </Dialog>
  );
}
