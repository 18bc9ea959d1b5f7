"""The same answer through Gradio's queue, for comparison: one queued event, everything as Gradio has it."""

import gradio as gr
import torch

from webapp import handlers

with gr.Blocks() as page:
    gr.api(handlers.answer, api_name="answer")

if __name__ == "__main__":
    torch.set_num_threads(1)
    page.launch(ssr_mode=False, quiet=True)
