/** DiscardDialog: asked once more, for what is discarded is not tried again. */

import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Form } from "../ui/form";
import { discard, type Letter } from "./acts";

interface Props {
  letter: Letter & { text: string };
  onClose: () => void;
}

export function DiscardDialog({ letter, onClose }: Props) {
  return (
    <Dialog title="Discard this dead letter?" onClose={onClose}>
      <Form
        onSend={async () => {
          if (await discard(letter)) onClose();
        }}
        buttons={
          <>
            <Button kind="danger" type="submit">
              Discard
            </Button>
            <Button onClick={onClose}>Cancel</Button>
          </>
        }
      >
        <p>{letter.text}</p>
        <p className="quiet">It stays readable, but can never be tried again.</p>
      </Form>
    </Dialog>
  );
}
