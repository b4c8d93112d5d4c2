"""The size of an upload is checked while it arrives: what is too large is counted and not kept."""

from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from accounts.file_door.bounds import MAX_BYTES


class BoundedUploadHandler(FileUploadHandler):
    """Stands before the handler that keeps a file in memory, and gives it no byte beyond the limit.

    A file over the limit arrives empty, with its true size, so that whoever takes it can say so.
    """

    chunk_size = 2**16

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.announced = content_length
        return

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.size = 0

    def receive_data_chunk(self, raw_data, start):
        self.size = start + len(raw_data)
        return None if self.is_over() else raw_data

    def file_complete(self, file_size):
        if not self.is_over():
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size, self.charset)

    def is_over(self) -> bool:
        """A little more than the limit is let through: the request holds its form as well."""
        return self.size > MAX_BYTES or self.announced > MAX_BYTES + 2**20
